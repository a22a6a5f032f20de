package main

func Example() {
	main()
	// Output:
	// Hello, Dr. Ada!
	// Hello, Dr. Ada!
	// Hello, Dr. Ada!
}
