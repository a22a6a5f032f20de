package abi

import "github.com/mortise-wasm/mortise/model/types"

// Context is the direction of a canonical definition. The zero value is invalid.
type Context uint8

// The directions.
const (
	Lift  Context = iota + 1 // `canon lift`: the core function is the callee
	Lower                    // `canon lower`: the definition makes the core function
)

// String returns "lift" or "lower".
func (c Context) String() string {
	switch c {
	case Lift:
		return "lift"
	case Lower:
		return "lower"
	default:
		return "Context(0)"
	}
}

// Options are the canonical options that determine the type of a core function. The zero value is a
// synchronous definition with 32-bit addresses.
type Options struct {
	// Async reports whether the definition has the async option. It is unrelated to the async type of
	// the component function.
	Async bool
	// Callback reports whether the definition has a callback, which receives the events of a lifted
	// function.
	Callback bool
	// PtrType is the address type of the memory.
	PtrType PtrType
}

// maxFlatParams returns the largest number of core parameters that are not passed in memory.
func (o Options) maxFlatParams(c Context) int {
	if o.Async && c == Lower {
		return MaxFlatAsyncParams
	}
	return MaxFlatParams
}

// maxFlatResults returns the largest number of core results that are not passed in memory.
func (o Options) maxFlatResults(c Context) int {
	switch {
	case !o.Async:
		return MaxFlatResults
	case c == Lower:
		return 0
	}
	return MaxFlatParams
}

// ParamTypes returns the types of the parameters of ft.
func ParamTypes(ft *types.Func) []types.ValType {
	ts := make([]types.ValType, len(ft.Params))
	for i := range ft.Params {
		ts[i] = ft.Params[i].Type
	}
	return ts
}

func resultTypes(ft *types.Func) []types.ValType {
	if ft.Result == nil {
		return nil
	}
	return []types.ValType{ft.Result}
}

// ParamsInMemory reports whether ft has too many core parameters, so that they are passed in memory
// as one tuple.
func ParamsInMemory(ft *types.Func, opts Options, c Context) bool {
	limit := opts.maxFlatParams(c)
	return len(FlattenTypes(ParamTypes(ft), opts.PtrType, limit)) > limit
}

// ResultInMemory reports whether the result of ft is passed in memory: by a pointer that the core
// function returns (Lift) or receives (Lower). For Lift with Async it reports the same about the
// parameters of `task.return`.
func ResultInMemory(ft *types.Func, opts Options, c Context) bool {
	limit := opts.maxFlatResults(c)
	return len(FlattenTypes(resultTypes(ft), opts.PtrType, limit)) > limit
}

// Flattened is the result of flattening a component function: the type of the core function, and
// whether parameters and result are passed in memory.
type Flattened struct {
	Type                           *types.CoreFunc
	ParamsInMemory, ResultInMemory bool
}

// FlattenFunc returns the type of the core function that `canon lift` takes, or `canon lower`
// makes, for a component function of type ft (`flatten_functype` of CanonicalABI.md, "Flattening").
func FlattenFunc(ft *types.Func, opts Options, c Context) *types.CoreFunc {
	return Flatten(ft, opts, c).Type
}

// Flatten returns the results of [FlattenFunc], [ParamsInMemory] and [ResultInMemory] in one call.
func Flatten(ft *types.Func, opts Options, c Context) Flattened {
	ptr := opts.PtrType.Core()
	limit := opts.maxFlatParams(c)
	params := FlattenTypes(ParamTypes(ft), opts.PtrType, limit)
	paramsInMemory := len(params) > limit
	if paramsInMemory {
		params = []types.CoreVal{ptr}
	}
	limit = opts.maxFlatResults(c)
	results := FlattenTypes(resultTypes(ft), opts.PtrType, limit)
	inMemory := len(results) > limit
	switch {
	case opts.Async && c == Lower:
		if inMemory {
			params = append(params, ptr)
		}
		results = []types.CoreVal{types.I32}
	case opts.Async && opts.Callback:
		results = []types.CoreVal{types.I32}
	case opts.Async: // the result goes to task.return
		results = nil
	case inMemory && c == Lower:
		params, results = append(params, ptr), nil
	case inMemory:
		results = []types.CoreVal{ptr}
	}
	return Flattened{&types.CoreFunc{Params: params, Results: results}, paramsInMemory, inMemory}
}

// FlattenTaskReturn returns the type of the core function that `canon task.return` makes for a
// result type, or for no result if result is nil. Its parameters are those of a function that takes
// result as its only parameter.
func FlattenTaskReturn(result types.ValType, p PtrType) *types.CoreFunc {
	ft := &types.Func{}
	if result != nil {
		ft.Params = []types.Param{{Type: result}}
	}
	return FlattenFunc(ft, Options{PtrType: p}, Lift)
}

// FlattenPostReturn returns the type of the post-return function of `canon lift`. Its parameters
// are the results of the core function.
func FlattenPostReturn(ft *types.Func, opts Options) *types.CoreFunc {
	return &types.CoreFunc{Params: FlattenFunc(ft, opts, Lift).Results}
}

// FlattenRealloc returns the type of a realloc function (CanonicalABI.md, "canonopt Validation").
func FlattenRealloc(p PtrType) *types.CoreFunc {
	ptr := p.Core()
	return &types.CoreFunc{Params: []types.CoreVal{ptr, ptr, ptr, ptr}, Results: []types.CoreVal{ptr}}
}

// FlattenCallback returns the type of a callback function.
func FlattenCallback() *types.CoreFunc {
	return &types.CoreFunc{
		Params:  []types.CoreVal{types.I32, types.I32, types.I32},
		Results: []types.CoreVal{types.I32},
	}
}

// Needs lists the canonical options that a definition must have.
type Needs struct {
	// Memory is set if values are read from or written to memory.
	Memory bool
	// Realloc is set if values are written to memory that must be allocated. It implies Memory.
	Realloc bool
}

// NeedsOf returns the options that a canonical definition of a function of type ft must have
// (CanonicalABI.md, "canonopt Validation", "canon lift" and "canon lower"). The specification also
// requires a memory for every lower with the async option. Its own tests omit the memory if nothing
// is ever stored, and NeedsOf follows the tests.
func NeedsOf(ft *types.Func, opts Options, c Context) Needs {
	pointers := func(ts []types.ValType) bool {
		var seen visited
		for _, t := range ts {
			if seen.contains(t, isPointer) {
				return true
			}
		}
		return false
	}
	var n Needs
	params, result := pointers(ParamTypes(ft)), pointers(resultTypes(ft))
	paramsInMemory := ParamsInMemory(ft, opts, c)
	if c == Lift {
		n.Realloc = params || paramsInMemory
		n.Memory = n.Realloc || result || ResultInMemory(ft, opts, c)
		return n
	}
	n.Realloc = result
	n.Memory = n.Realloc || params || paramsInMemory || ResultInMemory(ft, opts, c)
	return n
}
