package abi

import "github.com/mortise-wasm/mortise/model/types"

// Context is the direction of a canonical definition. The zero value is invalid.
type Context uint8

// The directions.
const (
	Lift  Context = iota + 1 // `canon lift`: the core function is the callee
	Lower                    // `canon lower`: the core function is what the definition makes
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

// Options are the canonical options that the type of a core function depends on. The zero value is a synchronous
// definition with 32-bit addresses.
type Options struct {
	// Async tells whether the definition has the async option, which is not to be confused with the async type of the
	// component function.
	Async bool
	// Callback tells whether there is a callback, with which a lifted function is called by event.
	Callback bool
	// PtrType is the address type of the memory.
	PtrType PtrType
}

// maxFlatParams returns the number of core parameters above which they are passed in memory.
func (o Options) maxFlatParams(c Context) int {
	if o.Async && c == Lower {
		return MaxFlatAsyncParams
	}
	return MaxFlatParams
}

// maxFlatResults returns the number of core results above which the result is passed in memory.
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

// ParamsInMemory reports whether the parameters of ft are too many core types and are passed in memory as one tuple.
func ParamsInMemory(ft *types.Func, opts Options, c Context) bool {
	limit := opts.maxFlatParams(c)
	return len(FlattenTypes(ParamTypes(ft), opts.PtrType, limit)) > limit
}

// ResultInMemory reports whether the result of ft is passed in memory: by a pointer that the core function returns
// (Lift) or is given (Lower). With Async and Lift it tells the same of the parameters of `task.return`.
func ResultInMemory(ft *types.Func, opts Options, c Context) bool {
	limit := opts.maxFlatResults(c)
	return len(FlattenTypes(resultTypes(ft), opts.PtrType, limit)) > limit
}

// Flattened is what a component function flattens to: the type of the core function, and what that passes in memory.
type Flattened struct {
	Type                           *types.CoreFunc
	ParamsInMemory, ResultInMemory bool
}

// FlattenFunc returns the type of the core function that `canon lift` takes, or `canon lower` makes, for a component
// function of type ft (`flatten_functype` of CanonicalABI.md, "Flattening").
func FlattenFunc(ft *types.Func, opts Options, c Context) *types.CoreFunc {
	return Flatten(ft, opts, c).Type
}

// Flatten returns what [FlattenFunc], [ParamsInMemory] and [ResultInMemory] do, in one go.
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

// FlattenTaskReturn returns the type of the core function that `canon task.return` makes for a result type, which is
// nil for none: it takes what a function without result would take as parameters.
func FlattenTaskReturn(result types.ValType, p PtrType) *types.CoreFunc {
	ft := &types.Func{}
	if result != nil {
		ft.Params = []types.Param{{Type: result}}
	}
	return FlattenFunc(ft, Options{PtrType: p}, Lift)
}

// FlattenPostReturn returns the type of the post-return function of `canon lift`: it takes what the core function
// returns.
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

// Needs tells which canonical options a definition must have.
type Needs struct {
	// Memory: values are read from, or written to, memory.
	Memory bool
	// Realloc: values are written to memory that must be allocated. It includes Memory.
	Realloc bool
}

// NeedsOf returns what options a canonical definition of a function of type ft must have (CanonicalABI.md, "canonopt
// Validation", "canon lift" and "canon lower"). The specification further says that a lower with the async option has a
// memory; its own tests do without where nothing is ever stored, and so does this.
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
