// Program hello is a module that the Go toolchain makes, for tests.
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
