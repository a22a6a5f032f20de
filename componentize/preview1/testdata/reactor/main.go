//go:build wasip1

// Library reactor exports functions with numbers. Between calls it keeps goroutines, maps and
// garbage for the collector.
package main

import (
	"os"
	"time"
)

var (
	started = time.Now()
	seen    = map[uint32]string{}
	work    = make(chan uint32)
	results = make(chan uint64)
)

func init() {
	go func() {
		for n := range work {
			sum := uint64(0)
			for i := range n {
				sum += uint64(len(make([]byte, i%1000))) + 1
			}
			results <- sum
		}
	}()
}

//go:wasmexport add
func add(a, b uint32) uint32 { return a + b }

//go:wasmexport calls
func calls(n uint32) uint32 {
	seen[n] = time.Now().String()
	return uint32(len(seen))
}

//go:wasmexport goroutine
func goroutine(n uint32) uint64 {
	work <- n
	return <-results
}

//go:wasmexport half
func half(x float64) float64 { return x / 2 }

//go:wasmexport elapsed
func elapsed() bool { return time.Since(started) > 0 }

//go:wasmexport home
func home() int32 { return int32(len(os.Getenv("HOME"))) }

func main() {}
