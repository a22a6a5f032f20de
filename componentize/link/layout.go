package link

import (
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/mortise-wasm/mortise/encoding/core"
)

// heapAlign is the alignment of the heap, which follows the data of the libraries.
const heapAlign = 16

func alignTo(n, to uint32) uint32 { return (n + to - 1) &^ (to - 1) }

// dlTable is the table for `dlopen` and `dlsym`: a sorted list of libraries, each with a sorted
// list of symbols.
type dlTable struct {
	table, memory uint32 // the positions of the functions and the data
	data          []byte
	funcs         uint32 // the number of functions
	// root is the address of the list of libraries.
	root uint32
	// globals are the addresses that are computed once the libraries are instantiated.
	globals []dlGlobal
}

type dlGlobal struct {
	lib  *library
	name string
	at   uint32
}

type dlEntry struct {
	name          string
	at, size, val uint32
	global        bool
}

// layoutOpenables builds the table for the openable libraries.
func layoutOpenables(libs []*library, table, memory uint32) dlTable {
	d := dlTable{table: table, memory: memory}
	here := func() uint32 { return memory + uint32(len(d.data)) }
	u32 := func(v uint32) { d.data = binary.LittleEndian.AppendUint32(d.data, v) }
	text := func(s string) uint32 {
		at := here()
		d.data = append(d.data, s...)
		d.data = append(d.data, make([]byte, int(alignTo(uint32(len(s)), 4))-len(s))...)
		return at
	}
	byName := func(list []dlEntry) {
		slices.SortStableFunc(list, func(a, b dlEntry) int { return cmp.Compare(a.name, b.name) })
	}
	var openable []dlEntry
	for _, lib := range libs {
		if !lib.Openable {
			continue
		}
		name := text(lib.Name)
		var symbols []dlEntry
		for _, s := range lib.exports {
			e := dlEntry{name: s.name, at: text(s.name)}
			switch s.kind {
			case core.ExternFunc:
				e.val = table + d.funcs
				d.funcs++
			case core.ExternGlobal:
				e.global = true
			default:
				continue
			}
			symbols = append(symbols, e)
		}
		byName(symbols)
		start := here()
		for _, e := range symbols {
			u32(uint32(len(e.name)))
			u32(e.at)
			if e.global {
				d.globals = append(d.globals, dlGlobal{lib, e.name, here()})
			}
			u32(e.val)
		}
		openable = append(openable, dlEntry{name: lib.Name, at: name, size: uint32(len(symbols)), val: start})
	}
	byName(openable)
	start := here()
	for _, e := range openable {
		u32(uint32(len(e.name)))
		u32(e.at)
		u32(e.size)
		u32(e.val)
	}
	d.root = here()
	u32(uint32(len(openable)))
	u32(start)
	return d
}

// tlsLayout is the layout of the program's thread-local storage records in memory. First come the
// bases of the main thread, one for each library with such storage. If a library imports
// `__wasm_program_tls_info`, the addresses of the libraries' own TLS records follow, and then that
// structure: the number of these libraries, and the addresses of both lists.
type tlsLayout struct {
	bases, libraries, program uint32
	data                      []byte
}

// layoutTLS reserves memory for the records, from *memory on.
func layoutTLS(libs []*library, memory *uint32) tlsLayout {
	t, base, program := tlsLayout{}, false, false
	for _, lib := range libs {
		base = base || lib.needs[symGetTLS] || lib.needs[symSetTLS]
		program = program || lib.needs[symProgramTLS]
	}
	if !base && !program {
		return t
	}
	n := uint32(0)
	for _, lib := range libs {
		if lib.has[symLibraryTLS] {
			slot := n
			lib.tlsSlot = &slot
			n++
		}
	}
	*memory = alignTo(*memory, 4)
	t.bases = *memory
	*memory += n * 4
	if program {
		t.libraries = *memory
		*memory += n * 4
		t.program = *memory
		*memory += 12
		for _, v := range []uint32{n, t.libraries, t.bases} {
			t.data = binary.LittleEndian.AppendUint32(t.data, v)
		}
	}
	return t
}
