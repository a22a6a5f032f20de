package canon

import (
	"context"
	"encoding/binary"
	"fmt"
	"runtime"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/mortise-wasm/mortise/encoding/leb128"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
)

// memoryModule is a core module with 16 pages of memory, which can grow to 64:
//
//	(module (memory (export "m") 16 64))
func memoryModule() []byte {
	m := []byte("\x00asm\x01\x00\x00\x00")
	section := func(id byte, body ...byte) {
		m = append(m, id)
		m = leb128.AppendUint(m, uint64(len(body)))
		m = append(m, body...)
	}
	section(5, 1, 0x01, 16, 64)
	section(7, 1, 1, 'm', 0x02, 0)
	return m
}

// guest is an instance with a real memory and a realloc written in Go. The realloc hands out
// aligned memory from top upwards and grows the memory by a page if necessary, so that views of the
// memory become stale.
type guest struct {
	*ComponentInstance
	t     *testing.T
	mem   api.Memory
	top   uint32
	calls int
	// answer, if set, replaces the result of realloc.
	answer func(ptr uint32) uint32
}

func newGuest(t *testing.T) *guest {
	t.Helper()
	ctx := context.Background()
	rt := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter())
	t.Cleanup(func() { rt.Close(ctx) })
	m, err := rt.Instantiate(ctx, memoryModule())
	if err != nil {
		t.Fatal(err)
	}
	return &guest{t: t, ComponentInstance: newInstance(&Store{}, nil), mem: m.ExportedMemory("m"), top: 16}
}

// Call implements CoreFunc. It is the guest's realloc.
func (g *guest) Call(_ context.Context, stack []uint64) {
	g.calls++
	old, was, align, size := uint32(stack[0]), uint32(stack[1]), uint32(stack[2]), uint32(stack[3])
	if align == 0 || align&(align-1) != 0 || align > 8 {
		g.t.Errorf("realloc with alignment %d", align)
	}
	if g.MayLeave() {
		g.t.Error("the instance can be left during realloc")
	}
	ptr := (g.top + align - 1) &^ (align - 1)
	g.top = ptr + size
	for g.top > g.mem.Size() {
		if _, ok := g.mem.Grow(1); !ok {
			Trapf("guest out of memory")
		}
	}
	if n := min(was, size); n > 0 {
		b, _ := g.mem.Read(old, n)
		g.mem.Write(ptr, append([]byte(nil), b...))
	}
	if g.answer != nil {
		ptr = g.answer(ptr)
	}
	stack[0] = uint64(ptr)
}

func (g *guest) context(e StringEncoding) *Context {
	return &Context{Ctx: context.Background(), Inst: g.ComponentInstance, Opts: &Options{Encoding: e, Memory: g.mem, Realloc: g}}
}

// fill fills the memory with garbage, so that no code works just because memory is zero.
func (g *guest) fill() {
	b, _ := g.mem.Read(0, g.mem.Size())
	for i := range b {
		b[i] = byte(i*7 + 0xa5)
	}
}

// compiler returns a Compiler that numbers resource types in order of appearance.
func compiler() *Compiler {
	slots := make(map[*types.Resource]int)
	return NewCompiler(func(r *types.Resource) int {
		if _, ok := slots[r]; !ok {
			slots[r] = len(slots)
		}
		return slots[r]
	})
}

// catch runs f and returns the message of its trap, or "".
func catch(f func()) (message string) {
	var err error
	func() {
		defer Catch(&err)
		f()
	}()
	if err != nil {
		message = err.Error()
	}
	return message
}

// A list of small values takes at most twice its size in memory as a Go value, whatever size the
// guest claims.
func TestListsTakeNoMoreThanInMemory(t *testing.T) {
	g := newGuest(t)
	c := g.context(UTF8)
	c.View()
	clear(c.mem)
	const size = 1 << 19
	names := func(n int) []string {
		out := make([]string, n)
		for i := range out {
			out[i] = fmt.Sprintf("n%d", i)
		}
		return out
	}
	for name, elem := range map[string]types.ValType{
		"bool": types.Bool, "u8": types.U8, "s16": types.S16, "f64": types.F64, "char": types.Char,
		"enum": &types.Enum{Names: names(3)}, "enum of 300": &types.Enum{Names: names(300)},
		"flags of 3": &types.Flags{Names: names(3)}, "flags of 20": &types.Flags{Names: names(20)},
	} {
		ct := compiler().Type(elem)
		n := size / ct.size
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		v := c.loadElems(ct, 16, n)
		runtime.ReadMemStats(&after)
		if got := after.TotalAlloc - before.TotalAlloc; got > 2*size {
			t.Errorf("list<%s>: %d bytes in memory take %d in Go", name, size, got)
		}
		if v.Len() != int(n) {
			t.Errorf("list<%s>: %d elements, want %d", name, v.Len(), n)
		}
	}
}

// So does a list of handles. Its elements are the handles that single values would be.
func TestListsOfHandlesTakeNoMoreThanTwice(t *testing.T) {
	const size = 1 << 19
	r := &types.Resource{Name: "r"}
	for _, host := range []bool{false, true} {
		for name, elem := range map[string]types.ValType{"own": &types.Own{Of: r}, "borrow": &types.Borrow{Of: r}} {
			g := newGuest(t)
			c := g.context(UTF8)
			c.Subtask = &Subtask{}
			rt := &ResourceType{Name: "r"}
			if !host {
				rt.Impl = g.ComponentInstance
			}
			g.Store.Resources = []*ResourceType{rt}
			c.View()
			for i := range uint32(size / 4) {
				h := g.Handles.Add(&ResourceHandle{Resource: Resource{Type: rt, Rep: i}, Host: int(i), Own: true})
				binary.LittleEndian.PutUint32(c.mem[16+4*i:], h)
			}
			g.Handles.free = make([]uint32, 0, size/4)
			ct := compiler().Type(elem)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			v := c.loadElems(ct, 16, size/4)
			runtime.ReadMemStats(&after)
			if got := after.TotalAlloc - before.TotalAlloc; got > 2*size+1000 {
				t.Errorf("list<%s>, host %v: %d bytes in memory take %d in Go", name, host, size, got)
			}
			for _, i := range []int{0, 1000, v.Len() - 1} {
				h := v.Index(i)
				if r, ok := h.Handle().(*Resource); host && h.Handle() != i || !host && (!ok || r.Rep != uint32(i)) || h.Kind() != value.KindOf(elem) {
					t.Errorf("list<%s>, host %v: element %d is %v %v", name, host, i, h.Kind(), h.Handle())
				}
				if !value.Equal(h, v.Index(i)) {
					t.Errorf("list<%s>, host %v: element %d is another one each time", name, host, i)
				}
			}
			lent := func() (n int) {
				g.Handles.Each(func(_ uint32, e Elem) { n += e.(*ResourceHandle).numLends })
				return n
			}
			if got, want := [2]int{g.Handles.Len(), lent()}, map[string][2]int{"own": {0, 0}, "borrow": {size / 4, size / 4}}[name]; got != want {
				t.Errorf("list<%s>, host %v: handles left and lent: %d, want %d", name, host, got, want)
			}
			if c.Subtask.deliverResolve(); lent() != 0 {
				t.Errorf("list<%s>, host %v: %d handles are lent after the call", name, host, lent())
			}
		}
	}
}
