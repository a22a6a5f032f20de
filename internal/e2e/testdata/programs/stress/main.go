// Command stress keeps the garbage collector busy for a number of seconds, with goroutines that
// allocate, write and read files and read the clock. It checks that all data stays intact.
package main

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"os"
	"strconv"
	"sync"
	"time"
)

// node is a tree on the heap. sum is the checksum of its data.
type node struct {
	left, right *node
	data        []byte
	sum         uint32
}

func grow(depth int, seed uint32) *node {
	data := make([]byte, 16+seed%700)
	for i := range data {
		seed = seed*1664525 + 1013904223
		data[i] = byte(seed >> 16)
	}
	n := &node{data: data, sum: crc32.ChecksumIEEE(data)}
	if depth > 0 {
		n.left, n.right = grow(depth-1, seed), grow(depth-1, seed^0x9e3779b9)
	}
	return n
}

func (n *node) check() {
	if n == nil {
		return
	}
	if crc32.ChecksumIEEE(n.data) != n.sum {
		fail("a node of %d bytes changed", len(n.data))
	}
	n.left.check()
	n.right.check()
}

func fail(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "corrupt: "+format+"\n", args...)
	os.Exit(1)
}

func main() {
	seconds, err := strconv.ParseFloat(os.Args[1], 64)
	if err != nil {
		fail("%v", err)
	}
	start := time.Now()
	end := start.Add(time.Duration(seconds * float64(time.Second)))
	rounds := make([]int, 4)
	var wg sync.WaitGroup
	for id := range rounds {
		wg.Go(func() {
			name := fmt.Sprintf("stress-%d", id)
			kept := map[int]*node{}
			last := time.Now()
			for time.Now().Before(end) {
				r := rounds[id]
				kept[r%50] = grow(4, uint32(id*1000003+r))
				kept[(r*7)%50].check()
				want := fmt.Appendf(bytes.Repeat([]byte{byte(r)}, 1+r%40000), "%d %d", id, r)
				if err := os.WriteFile(name, want, 0o600); err != nil {
					fail("write: %v", err)
				}
				got, err := os.ReadFile(name)
				if err != nil || !bytes.Equal(got, want) {
					fail("file %s holds %d bytes, want %d: %v", name, len(got), len(want), err)
				}
				if _, err := os.ReadDir("."); err != nil {
					fail("read the folder: %v", err)
				}
				now := time.Now()
				if now.Before(last) {
					fail("the clock went back")
				}
				last = now
				if r%20 == 0 {
					time.Sleep(time.Millisecond)
				}
				rounds[id]++
			}
			for _, n := range kept {
				n.check()
			}
			if err := os.Remove(name); err != nil {
				fail("remove: %v", err)
			}
		})
	}
	wg.Wait()
	for id, n := range rounds {
		if n < 2 {
			fail("goroutine %d came no further than round %d", id, n)
		}
	}
	fmt.Printf("fine after %v rounds\n", rounds)
}
