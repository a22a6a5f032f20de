package canon

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/model/value/valuetest"
)

// call is a function that one guest calls in another, and the words that they pass.
type call struct {
	sig            *Sig
	from, to       *guest
	in, out        [abi.MaxFlatParams + 1]uint64
	encFrom, encTo StringEncoding
	ctxFrom, ctxTo *Context
}

func newCall(t *testing.T, ft *types.Func, from, to StringEncoding) *call {
	c := &call{sig: compiler().Sig(ft), from: newGuest(t), to: newGuest(t), encFrom: from, encTo: to}
	c.reset()
	return c
}

// reset empties both memories.
func (c *call) reset() {
	c.in, c.out = [len(c.in)]uint64{}, [len(c.out)]uint64{}
	for _, g := range []*guest{c.from, c.to} {
		g.fill()
		g.top = 4096
	}
	c.ctxFrom, c.ctxTo = c.from.context(c.encFrom), c.to.context(c.encTo)
}

// The callee receives what the caller passed, and the caller what the callee returned, in all
// combinations of string encodings.
func TestCopierPassesValues(t *testing.T) {
	inMemory := 0
	for nameFrom, from := range encodings {
		for nameTo, to := range encodings {
			for seed := range uint64(25) {
				gen := valuetest.New(seed, valuetest.Options{Depth: 4})
				ft := gen.Func(6)
				c := newCall(t, ft, from, to)
				k := NewCopier(c.sig, c.sig)
				args := gen.Args(ft)
				fail := func(what string) {
					t.Helper()
					t.Fatalf("%s to %s, seed %d, %s: %s", nameFrom, nameTo, seed, types.TypeString(ft), what)
				}
				if m := catch(func() {
					c.ctxFrom.LowerParams(c.sig, args, c.in[:])
					k.Params(c.ctxFrom, c.ctxTo, c.in[:], c.out[:], abi.MaxFlatParams)
					got, _ := c.ctxTo.LiftParams(c.sig, c.out[:], abi.MaxFlatParams)
					for i := range args {
						if !value.Equal(got[i], args[i]) {
							fail(fmt.Sprintf("argument %d differs", i))
						}
					}
				}); m != "" {
					fail(m)
				}
				if c.sig.ParamsInMemory(abi.MaxFlatParams) {
					inMemory++
				}
				if ft.Result == nil {
					continue
				}
				c.reset()
				want := gen.Value(ft.Result)
				if m := catch(func() {
					// The callee is the one that lowers now.
					const out = 64
					if c.sig.ResultInMemory() {
						c.out[0] = uint64(c.ctxTo.realloc(0, 0, c.sig.Result.align, c.sig.Result.size, "result"))
					}
					c.ctxTo.LowerResult(c.sig, want, c.out[:], uint32(c.out[0]))
					k.Result(c.ctxTo, c.ctxFrom, c.out[:], c.in[:], out)
					if c.sig.ResultInMemory() {
						c.in[0] = out
					}
					if got := c.ctxFrom.LiftResult(c.sig, c.in[:]); !value.Equal(got, want) {
						fail("the result differs")
					}
				}); m != "" {
					fail(m)
				}
			}
		}
	}
	if inMemory < 20 {
		t.Errorf("only %d of the signatures pass parameters in memory", inMemory)
	}
}

// An asynchronous caller passes few words directly, so the callee may receive as words what the
// caller passes in memory.
func TestCopierFromMemoryToWords(t *testing.T) {
	tested := 0
	for seed := range uint64(200) {
		gen := valuetest.New(seed, valuetest.Options{Depth: 3})
		ft := gen.Func(4)
		c := newCall(t, ft, UTF8, UTF16)
		if !c.sig.ParamsInMemory(abi.MaxFlatAsyncParams) || c.sig.ParamsInMemory(abi.MaxFlatParams) {
			continue
		}
		tested++
		args := gen.Args(ft)
		if m := catch(func() {
			tuple := c.sig.tuple
			c.ctxFrom.View()
			c.in[0] = uint64(c.ctxFrom.realloc(0, 0, tuple.align, tuple.size, "arguments"))
			c.ctxFrom.store(tuple, value.Tuple(args), uint32(c.in[0]))
			if n := NewCopier(c.sig, c.sig).Params(c.ctxFrom, c.ctxTo, c.in[:], c.out[:], abi.MaxFlatAsyncParams); n != 1 {
				t.Errorf("%d words read", n)
			}
			got, _ := c.ctxTo.LiftParams(c.sig, c.out[:], abi.MaxFlatParams)
			if !slices.EqualFunc(got, args, value.Equal) {
				t.Errorf("%s: the arguments differ", types.TypeString(ft))
			}
		}); m != "" {
			t.Errorf("%s: %s", types.TypeString(ft), m)
		}
	}
	if tested < 20 {
		t.Errorf("only %d signatures were tested", tested)
	}
}

// With damaged memory, the copier traps if lifting traps, and passes the same values if it does
// not.
func TestCopierChecksLikeLifting(t *testing.T) {
	trapped, passed := 0, 0
	for seed := range uint64(150) {
		for name, from := range encodings {
			gen := valuetest.New(seed, valuetest.Options{Depth: 3})
			ft := gen.Func(6)
			c := newCall(t, ft, from, UTF8)
			if m := catch(func() { c.ctxFrom.LowerParams(c.sig, gen.Args(ft), c.in[:]) }); m != "" {
				t.Fatal(m)
			}
			rng := rand.New(rand.NewPCG(seed, 1))
			if used := c.from.top - 4096; used > 0 {
				b, _ := c.from.mem.Read(4096, used)
				for range 1 + rng.IntN(4) {
					b[rng.IntN(len(b))] ^= 1 << rng.IntN(8)
				}
			}
			if c.sig.flat > 0 && rng.IntN(3) == 0 {
				c.in[rng.IntN(min(c.sig.flat, abi.MaxFlatParams))] ^= 1 << rng.IntN(32)
			}
			var want, got []value.Value
			lifting := catch(func() { want, _ = c.ctxFrom.LiftParams(c.sig, c.in[:], abi.MaxFlatParams) })
			copying := catch(func() {
				NewCopier(c.sig, c.sig).Params(c.ctxFrom, c.ctxTo, c.in[:], c.out[:], abi.MaxFlatParams)
				got, _ = c.ctxTo.LiftParams(c.sig, c.out[:], abi.MaxFlatParams)
			})
			where := fmt.Sprintf("%s, seed %d, %s", name, seed, types.TypeString(ft))
			switch {
			case lifting != copying:
				t.Errorf("%s: the copier says %q, lifting %q", where, copying, lifting)
			case lifting != "":
				trapped++
			case !slices.EqualFunc(got, want, value.Equal):
				t.Errorf("%s: the arguments differ", where)
			default:
				passed++
			}
		}
	}
	if trapped < 20 || passed < 20 {
		t.Errorf("%d calls trapped, %d did not", trapped, passed)
	}
}

// Padding between fields may hold secrets of the caller, so it is not copied.
func TestCopierKeepsPaddingBack(t *testing.T) {
	rec := &types.Record{Fields: []types.Field{{Name: "a", Type: types.U8}, {Name: "b", Type: types.U64}}}
	c := newCall(t, &types.Func{Params: []types.Param{{Name: "p", Type: &types.List{Elem: rec}}}}, UTF8, UTF8)
	if m := catch(func() {
		b, _ := c.from.mem.Read(64, 32)
		for i := range b {
			b[i] = 0x55
		}
		c.in[0], c.in[1] = 64, 2
		NewCopier(c.sig, c.sig).Params(c.ctxFrom, c.ctxTo, c.in[:], c.out[:], abi.MaxFlatParams)
		got, _ := c.to.mem.Read(uint32(c.out[0]), 32)
		for _, i := range []int{1, 7, 17, 23} {
			if got[i] == 0x55 {
				t.Errorf("byte %d of the padding was copied", i)
			}
		}
		for _, i := range []int{0, 8, 15, 16, 24, 31} {
			if got[i] != 0x55 {
				t.Errorf("byte %d was not copied", i)
			}
		}
	}); m != "" {
		t.Error(m)
	}
}

// Strings make the calls of realloc that the specification makes for each pair of encodings.
func TestCopiedStringsCallRealloc(t *testing.T) {
	latin1, both := []byte("abc\xe9"), []byte("a\x00\xe9\x00")
	for _, r := range []struct {
		name          string
		from, to      StringEncoding
		bytes         []byte
		n, want       uint32
		reallocations int
	}{
		{"utf8 to utf8", UTF8, UTF8, []byte("h\xc3\xa9"), 3, 3, 1},
		{"utf8 to utf16", UTF8, UTF16, []byte("ab"), 2, 2, 1},
		{"utf8 to utf16, shorter", UTF8, UTF16, []byte("h\xc3\xa9"), 3, 2, 2},
		{"utf16 to utf8", UTF16, UTF8, []byte("a\x00b\x00"), 2, 2, 1},
		{"utf16 to utf8, longer", UTF16, UTF8, both, 2, 3, 3},
		{"utf16 to utf16", UTF16, UTF16, both, 2, 2, 1},
		{"latin1 to utf8", Latin1UTF16, UTF8, latin1, 4, 5, 3},
		{"latin1 to utf8, all wide", Latin1UTF16, UTF8, []byte("\xe9"), 1, 2, 2},
		{"latin1 to utf16", Latin1UTF16, UTF16, latin1, 4, 4, 1},
		{"latin1 to latin1", Latin1UTF16, Latin1UTF16, latin1, 4, 4, 1},
		{"utf16 to latin1", UTF16, Latin1UTF16, both, 2, 2, 1},
		{"utf16 to tagged", UTF16, Latin1UTF16, []byte("a\x00\x03\x26"), 2, 2 | utf16Tag, 2},
		{"utf8 to tagged", UTF8, Latin1UTF16, []byte("\xe2\x98\x83"), 3, 1 | utf16Tag, 3},
		{"tagged to tagged", Latin1UTF16, Latin1UTF16, []byte("a\x00\x03\x26"), 2 | utf16Tag, 2 | utf16Tag, 1},
		{"tagged to latin1", Latin1UTF16, Latin1UTF16, both, 2 | utf16Tag, 2, 2},
		{"empty", UTF16, UTF8, nil, 0, 0, 1},
	} {
		c := newCall(t, &types.Func{Params: []types.Param{{Name: "s", Type: types.String}}}, r.from, r.to)
		c.from.mem.Write(64, r.bytes)
		c.in[0], c.in[1] = 64, uint64(r.n)
		if m := catch(func() {
			NewCopier(c.sig, c.sig).Params(c.ctxFrom, c.ctxTo, c.in[:], c.out[:], abi.MaxFlatParams)
			if c.to.calls != r.reallocations || uint32(c.out[1]) != r.want {
				t.Errorf("%s: %d calls of realloc and %#x units, want %d and %#x", r.name, c.to.calls, c.out[1], r.reallocations, r.want)
			}
			c.ctxFrom.View()
			if got, want := c.ctxTo.loadString(uint32(c.out[0]), uint32(c.out[1])), c.ctxFrom.loadString(64, r.n); got != want {
				t.Errorf("%s: %q became %q", r.name, want, got)
			}
		}); m != "" {
			t.Errorf("%s: %s", r.name, m)
		}
	}
}
