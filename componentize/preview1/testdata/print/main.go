// Command print needs no package.
package main

func main() { println("printed") }
