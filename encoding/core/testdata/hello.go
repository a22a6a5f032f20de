// Program hello is compiled to a core module for tests.
package main

import (
	"fmt"
	"os"
	"sort"
)

func main() {
	sort.Strings(os.Args)
	fmt.Println("hello", os.Args)
}
