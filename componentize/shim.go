package componentize

import (
	"strconv"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/ordered"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// A shim is a core function that stands in for a function that does not exist yet. For example, a
// lowered function needs the memory of the main module, and the main module needs the lowered
// function to be instantiated. The shims form one core module, which is instantiated first. After
// all other modules, the fixup module is instantiated and makes the shims call the actual
// functions.

// shim is a core function of the shim module.
type shim struct {
	key shimKey
	// label is the name of the shim module's export: a number.
	label string
	debug string
	sig   core.FuncType
	// fill returns the function that the shim stands in for. It is called once all modules but the
	// fixup module are instantiated.
	fill func() (encoding.CoreFuncIdx, error)
}

// shimKey identifies the function that a shim stands in for. Shims with equal keys are one.
type shimKey interface{ shimKey() }

type (
	// lowerShim stands in for a function that the world imports. The module is the one whose memory
	// and allocator are used.
	lowerShim struct {
		mod     *module
		fn      *wit.Func
		variant variant
		strings abi.StringEncoding
	}
	// taskReturnShim stands in for the intrinsic that takes the result of fn.
	taskReturnShim struct {
		mod     *module
		fn      *wit.Func
		strings abi.StringEncoding
	}
	// channelShim stands in for an intrinsic of a stream or future.
	channelShim struct {
		mod   *module
		op    encoding.CanonOp
		async bool
		name  string
		home  *wit.WorldItem
		fn    *wit.Func
		typ   types.ValType
	}
	// builtinShim stands in for an intrinsic that belongs to no item of the world. The module is nil
	// if all modules can share the intrinsic.
	builtinShim struct {
		mod     *module
		op      encoding.CanonOp
		strings abi.StringEncoding
	}
	// adapterShim stands in for a function of an adapter.
	adapterShim struct{ adapter, name string }
	// dtorShim stands in for a destructor, and reallocShim for an allocator. The name is that of the
	// module's export.
	dtorShim struct {
		mod  *module
		name string
	}
	reallocShim struct {
		mod  *module
		name string
	}
)

func (lowerShim) shimKey()      {}
func (taskReturnShim) shimKey() {}
func (channelShim) shimKey()    {}
func (builtinShim) shimKey()    {}
func (adapterShim) shimKey()    {}
func (dtorShim) shimKey()       {}
func (reallocShim) shimKey()    {}

type shimList struct{ list ordered.Map[shimKey, *shim] }

// add adds a shim unless one with the same key exists.
func (l *shimList) add(s *shim) {
	if !l.list.Has(s.key) {
		s.label = strconv.Itoa(l.list.Len())
		l.list.Set(s.key, s)
	}
}
