package wasi

import (
	"crypto/sha256"
	"io"
	"math/rand/v2"
	"sync"
)

// sharedReader makes a reader safe for concurrent use.
type sharedReader struct {
	mu sync.Mutex
	r  io.Reader
}

// Read reads all of p, so that calls of several instances do not interleave.
func (s *sharedReader) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return io.ReadFull(s.r, p)
}

// seeded returns a generator of random numbers seeded with seed.
func seeded(seed []byte) io.Reader {
	return &sharedReader{r: rand.NewChaCha8(sha256.Sum256(seed))}
}
