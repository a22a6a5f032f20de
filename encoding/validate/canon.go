package validate

import (
	"fmt"
	"slices"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
)

// options are the canonical options of a definition, each checked on its own.
type options struct {
	encoding   encoding.CanonOptKind // zero if not given
	memory     *types.CoreMemory
	realloc    *types.CoreFunc
	postReturn *types.CoreFunc
	callback   *types.CoreFunc
	async      bool
}

func (o *options) ptr() abi.PtrType { return abi.PtrTypeOf(o.memory) }

func (o *options) abi() abi.Options {
	return abi.Options{PtrType: o.ptr(), Async: o.async, Callback: o.callback != nil}
}

func (s *scope) canon(d *encoding.Canon) error {
	switch c := d.Def.(type) {
	case *encoding.Lift:
		return s.lift(c)
	case *encoding.Lower:
		return s.lower(c)
	case *encoding.Builtin:
		return s.builtin(c)
	default:
		panic(fmt.Sprintf("unreachable: %T", c))
	}
}

// options resolves a list of options and rejects duplicates and conflicts.
func (s *scope) options(list []encoding.CanonOpt) (*options, error) {
	o := new(options)
	seen := make(map[encoding.CanonOptKind]bool)
	for _, opt := range list {
		if seen[opt.Kind] {
			return nil, errorf(CodeCanon, "canonical option `%s` is specified more than once", opt.Kind)
		}
		seen[opt.Kind] = true
		if err := s.option(o, opt); err != nil {
			return nil, err
		}
	}
	if o.callback != nil && !o.async {
		return nil, errorf(CodeCanon, "cannot specify callback without async")
	}
	if o.postReturn != nil && o.async {
		return nil, errorf(CodeCanon, "cannot specify post-return function in async")
	}
	if o.realloc != nil {
		if o.memory == nil {
			return nil, errorf(CodeCanon, "canonical option `realloc` requires `memory` to also be specified: "+
				"canonical option `memory` is required")
		}
		if !o.realloc.Equal(abi.FlattenRealloc(o.ptr())) {
			return nil, errorf(CodeCanon, "canonical option `realloc` uses a core function with an incorrect signature")
		}
	}
	return o, nil
}

func (s *scope) option(o *options, opt encoding.CanonOpt) (err error) {
	switch opt.Kind {
	case encoding.OptUTF8, encoding.OptUTF16, encoding.OptLatin1UTF16:
		if o.encoding != 0 {
			return errorf(CodeCanon, "canonical encoding option `%s` conflicts with option `%s`", encodingWord(o.encoding),
				encodingWord(opt.Kind))
		}
		o.encoding = opt.Kind
	case encoding.OptMemory:
		o.memory, err = s.memoryAt(encoding.CoreMemoryIdx(opt.Index))
		switch {
		case err != nil:
		case o.memory.Shared:
			err = errorf(CodeCanon, "mismatch in the shared flag for memories: canonical option `memory` takes a memory that is not shared")
		case o.memory.Is64:
			s.v.needText(feature.ComponentMemory64, "64-bit memories require the `cm64` feature to be enabled")
		}
	case encoding.OptRealloc:
		o.realloc, err = s.coreFuncAt(encoding.CoreFuncIdx(opt.Index))
	case encoding.OptPostReturn:
		o.postReturn, err = s.coreFuncAt(encoding.CoreFuncIdx(opt.Index))
	case encoding.OptAsync:
		o.async = true
		s.v.need(feature.Async, "canonical option `async`")
	case encoding.OptCallback:
		o.callback, err = s.coreFuncAt(encoding.CoreFuncIdx(opt.Index))
		s.v.need(feature.Async, "canonical option `callback`")
	case encoding.OptCoreType, encoding.OptGC:
		s.v.need(feature.ComponentGC, "canonical option `"+opt.Kind.String()+"`")
		err = errPoisoned
		if s.v.features.Has(feature.ComponentGC) {
			err = errorf(CodeCanon, "canonical option `%s` is not supported: it is not part of the specification", opt.Kind)
		}
	default:
		panic(fmt.Sprintf("unreachable: %v", opt.Kind))
	}
	return err
}

func encodingWord(k encoding.CanonOptKind) string {
	switch k {
	case encoding.OptUTF8:
		return "utf8"
	case encoding.OptUTF16:
		return "utf16"
	default:
		return "latin1-utf16"
	}
}

// needs checks that memory and realloc are given if values pass through memory.
func (o *options) needs(n abi.Needs) error {
	if (n.Memory || n.Realloc) && o.memory == nil {
		return errorf(CodeCanon, "canonical option `memory` is required")
	}
	if n.Realloc && o.realloc == nil {
		return errorf(CodeCanon, "canonical option `realloc` is required")
	}
	return nil
}

// lift checks a `canon lift`: parameters are lowered into the memory of the core function, and
// results are lifted from it.
func (s *scope) lift(c *encoding.Lift) error {
	ft, err := s.funcTypeAt(c.Type)
	if err != nil {
		return err
	}
	f, err := s.coreFuncAt(c.Func)
	if err != nil {
		return err
	}
	if err := s.v.charge(s.v.factsOf(ft).size); err != nil {
		return err
	}
	o, err := s.options(c.Opts)
	if err != nil {
		return err
	}
	if o.async && !ft.Async {
		return errorf(CodeCanon, "the `async` canonical option requires an async function type")
	}
	if o.async && o.callback == nil {
		s.v.need(feature.AsyncStackful, "canonical option `async` without `callback`")
	}
	if err := o.needs(abi.NeedsOf(ft, o.abi(), abi.Lift)); err != nil {
		return err
	}
	if err := matchCore(abi.FlattenFunc(ft, o.abi(), abi.Lift), f, uint32(c.Func)); err != nil {
		return err
	}
	if pr := o.postReturn; pr != nil && !pr.Equal(abi.FlattenPostReturn(ft, o.abi())) {
		return errorf(CodeCanon, "canonical option `post-return` uses a core function with an incorrect signature")
	}
	if cb := o.callback; cb != nil && !cb.Equal(abi.FlattenCallback()) {
		return errorf(CodeCanon, "canonical option `callback` uses a core function with an incorrect signature")
	}
	s.Funcs = append(s.Funcs, ft)
	return nil
}

func matchCore(want, have *types.CoreFunc, index uint32) error {
	switch {
	case want.Equal(have):
		return nil
	case !slices.Equal(want.Params, have.Params):
		return errorf(CodeCanon, "lowered parameter types `%s` do not match parameter types `%s` of core function %d",
			vals(want.Params), vals(have.Params), index)
	default:
		return errorf(CodeCanon, "lowered result types `%s` do not match result types `%s` of core function %d",
			vals(want.Results), vals(have.Results), index)
	}
}

// vals prints core types in the form of the suites: [I32, I64].
func vals(vs []types.CoreVal) string {
	out := "["
	for i, v := range vs {
		if i > 0 {
			out += ", "
		}
		switch v {
		case types.I32:
			out += "I32"
		case types.I64:
			out += "I64"
		case types.F32Core:
			out += "F32"
		case types.F64Core:
			out += "F64"
		default:
			out += v.String()
		}
	}
	return out + "]"
}

// lower checks a `canon lower`: arguments are lifted from the memory of the caller, and results are
// lowered into it.
func (s *scope) lower(c *encoding.Lower) error {
	ft, err := s.funcAt(c.Func)
	if err != nil {
		return err
	}
	if err := s.v.charge(s.v.factsOf(ft).size); err != nil {
		return err
	}
	o, err := s.options(c.Opts)
	if err != nil {
		return err
	}
	if o.postReturn != nil {
		return errorf(CodeCanon, "canonical option `post-return` cannot be specified for lowerings")
	}
	if o.callback != nil {
		return errorf(CodeCanon, "canonical option `callback` cannot be specified for lowerings")
	}
	if o.async && !ft.Async {
		return errorf(CodeCanon, "the `async` canonical option requires an async function type")
	}
	if err := o.needs(abi.NeedsOf(ft, o.abi(), abi.Lower)); err != nil {
		return err
	}
	s.CoreFuncs = append(s.CoreFuncs, abi.FlattenFunc(ft, o.abi(), abi.Lower))
	return nil
}
