package runner

import (
	"sync"

	"github.com/tetratelabs/wazero/experimental"
)

// memoryPool keeps the buffers of linear memories for later instances. Allocating and clearing new
// buffers costs more than the rest of an instantiation.
type memoryPool struct {
	mu   sync.Mutex
	free map[uint64][][]byte
	size uint64
}

const (
	// maxPooled is the largest buffer that is kept; maxPool is the largest sum of all kept buffers.
	// Both are in bytes.
	maxPooled = 4 << 20
	maxPool   = 64 << 20
)

func (p *memoryPool) get(size uint64) []byte {
	p.mu.Lock()
	list := p.free[size]
	if n := len(list); n > 0 {
		b := list[n-1]
		p.free[size] = list[:n-1]
		p.size -= size
		p.mu.Unlock()
		clear(b)
		return b
	}
	p.mu.Unlock()
	return make([]byte, size)
}

func (p *memoryPool) put(b []byte) {
	size := uint64(cap(b))
	if size == 0 || size > maxPooled {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.size+size > maxPool {
		return
	}
	if p.free == nil {
		p.free = make(map[uint64][][]byte)
	}
	p.free[size] = append(p.free[size], b[:size])
	p.size += size
}

// memories holds the linear memories of one store. The engine frees a memory when any instance that
// imports it closes, so only the store, which closes last, releases them.
type memories struct {
	pool  *memoryPool
	list  []*linearMemory
	limit uint64 // of all memories together, in bytes
	total uint64
}

// Allocate implements the engine's allocator. Each memory starts at its initial size and grows by
// copying.
func (m *memories) Allocate(_, limit uint64) experimental.LinearMemory {
	l := &linearMemory{all: m, limit: limit}
	m.list = append(m.list, l)
	return l
}

func (m *memories) release() {
	for _, l := range m.list {
		m.pool.put(l.buf)
		l.buf = nil
	}
	m.list, m.total = nil, 0
}

type linearMemory struct {
	all   *memories
	limit uint64
	buf   []byte
}

// copyPiece is how many bytes are copied at a time.
const copyPiece = 1 << 20

// Reallocate grows the memory to size bytes. It returns nil if that exceeds a limit.
func (l *linearMemory) Reallocate(size uint64) []byte {
	more := size - uint64(len(l.buf))
	if size > l.limit || more > l.all.limit || l.all.total > l.all.limit-more {
		return nil
	}
	l.all.total += more
	if size <= uint64(cap(l.buf)) {
		l.buf = l.buf[:size]
		return l.buf
	}
	want := size
	if len(l.buf) > 0 {
		// Growing in small steps must not copy the memory each time.
		want = min(max(size, 2*uint64(len(l.buf)), size+(size>>2)), l.limit)
	}
	next := l.all.pool.get(want)
	// Nothing interrupts the copying of a piece, not even the garbage collector.
	for at := 0; at < len(l.buf); at += copyPiece {
		copy(next[at:], l.buf[at:min(at+copyPiece, len(l.buf))])
	}
	l.all.pool.put(l.buf)
	l.buf = next[:size]
	return l.buf
}

// Free does nothing; see [memories].
func (*linearMemory) Free() {}
