//go:build !tinygo

package main

import "os"

var chtimes = os.Chtimes
