// Command print imports no package.
package main

func main() { println("printed") }
