package validate

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
)

// signature holds the core types of a built-in: i for i32, I for i64, p for an address in the
// memory that it works on.
type signature struct{ params, results string }

// builtinRule holds the validation rules of a canonical built-in, apart from its options.
type builtinRule struct {
	sig signature
	// payload is "stream" or "future" if the type immediate must be such a type.
	payload string
	gate    feature.Feature
}

var builtinRules = map[encoding.CanonOp]builtinRule{
	encoding.OpBackpressureInc:            {gate: feature.Async},
	encoding.OpBackpressureDec:            {gate: feature.Async},
	encoding.OpTaskCancel:                 {gate: feature.Async},
	encoding.OpSubtaskCancel:              {sig: signature{"i", "i"}, gate: feature.Async},
	encoding.OpSubtaskDrop:                {sig: signature{"i", ""}, gate: feature.Async},
	encoding.OpStreamNew:                  {sig: signature{"", "I"}, payload: "stream", gate: feature.Async},
	encoding.OpStreamRead:                 {sig: signature{"ipp", "p"}, payload: "stream", gate: feature.Async},
	encoding.OpStreamWrite:                {sig: signature{"ipp", "p"}, payload: "stream", gate: feature.Async},
	encoding.OpStreamCancelRead:           {sig: signature{"i", "i"}, payload: "stream", gate: feature.Async},
	encoding.OpStreamCancelWrite:          {sig: signature{"i", "i"}, payload: "stream", gate: feature.Async},
	encoding.OpStreamDropReadable:         {sig: signature{"i", ""}, payload: "stream", gate: feature.Async},
	encoding.OpStreamDropWritable:         {sig: signature{"i", ""}, payload: "stream", gate: feature.Async},
	encoding.OpFutureNew:                  {sig: signature{"", "I"}, payload: "future", gate: feature.Async},
	encoding.OpFutureRead:                 {sig: signature{"ip", "i"}, payload: "future", gate: feature.Async},
	encoding.OpFutureWrite:                {sig: signature{"ip", "i"}, payload: "future", gate: feature.Async},
	encoding.OpFutureCancelRead:           {sig: signature{"i", "i"}, payload: "future", gate: feature.Async},
	encoding.OpFutureCancelWrite:          {sig: signature{"i", "i"}, payload: "future", gate: feature.Async},
	encoding.OpFutureDropReadable:         {sig: signature{"i", ""}, payload: "future", gate: feature.Async},
	encoding.OpFutureDropWritable:         {sig: signature{"i", ""}, payload: "future", gate: feature.Async},
	encoding.OpErrorContextNew:            {sig: signature{"pp", "i"}, gate: feature.ErrorContext},
	encoding.OpErrorContextDebugMessage:   {sig: signature{"ip", ""}, gate: feature.ErrorContext},
	encoding.OpErrorContextDrop:           {sig: signature{"i", ""}, gate: feature.ErrorContext},
	encoding.OpWaitableSetNew:             {sig: signature{"", "i"}, gate: feature.Async},
	encoding.OpWaitableSetWait:            {sig: signature{"ip", "i"}, gate: feature.Async},
	encoding.OpWaitableSetPoll:            {sig: signature{"ip", "i"}, gate: feature.Async},
	encoding.OpWaitableSetDrop:            {sig: signature{"i", ""}, gate: feature.Async},
	encoding.OpWaitableJoin:               {sig: signature{"ii", ""}, gate: feature.Async},
	encoding.OpThreadYield:                {sig: signature{"", "i"}, gate: feature.Async},
	encoding.OpThreadIndex:                {sig: signature{"", "i"}, gate: feature.Threading},
	encoding.OpThreadNewIndirect:          {sig: signature{"ii", "i"}, gate: feature.Threading},
	encoding.OpThreadResumeLater:          {sig: signature{"i", ""}, gate: feature.Threading},
	encoding.OpThreadSuspend:              {sig: signature{"", "i"}, gate: feature.Threading},
	encoding.OpThreadSuspendThenResume:    {sig: signature{"i", "i"}, gate: feature.Threading},
	encoding.OpThreadYieldThenResume:      {sig: signature{"i", "i"}, gate: feature.Threading},
	encoding.OpThreadSuspendThenPromote:   {sig: signature{"i", "i"}, gate: feature.Threading},
	encoding.OpThreadYieldThenPromote:     {sig: signature{"i", "i"}, gate: feature.Threading},
	encoding.OpThreadSpawnRef:             {gate: feature.SharedEverythingThreads},
	encoding.OpThreadSpawnIndirect:        {sig: signature{"ii", "i"}, gate: feature.SharedEverythingThreads},
	encoding.OpThreadAvailableParallelism: {sig: signature{"", "i"}, gate: feature.SharedEverythingThreads},
}

// core returns the core function type of g for a memory with addresses of type ptr.
func (g signature) core(ptr abi.PtrType) *types.CoreFunc {
	vals := func(s string) []types.CoreVal {
		var out []types.CoreVal
		for _, c := range s {
			switch c {
			case 'i':
				out = append(out, types.I32)
			case 'I':
				out = append(out, types.I64)
			case 'p':
				out = append(out, ptr.Core())
			}
		}
		return out
	}
	return &types.CoreFunc{Params: vals(g.params), Results: vals(g.results)}
}

func (s *scope) builtin(b *encoding.Builtin) error {
	f, err := s.builtinType(b)
	if err != nil {
		return err
	}
	s.CoreFuncs = append(s.CoreFuncs, f)
	return nil
}

func (s *scope) builtinType(b *encoding.Builtin) (*types.CoreFunc, error) {
	switch b.Op {
	case encoding.OpResourceNew, encoding.OpResourceRep, encoding.OpResourceDrop:
		return s.resourceBuiltin(b)
	case encoding.OpTaskReturn:
		return s.taskReturn(b)
	case encoding.OpContextGet, encoding.OpContextSet:
		return s.contextSlot(b)
	}
	rule, ok := builtinRules[b.Op]
	if !ok {
		panic(fmt.Sprintf("unreachable: %v", b.Op))
	}
	s.v.need(rule.gate, "`"+b.Op.String()+"`")
	o, err := s.options(b.Opts)
	if err != nil {
		return nil, err
	}
	if o.postReturn != nil || o.callback != nil {
		return nil, errorf(CodeCanon, "canonical options `post-return` and `callback` cannot be specified for `%s`", b.Op)
	}
	if rule.payload != "" {
		if err := s.payloadBuiltin(b, rule.payload, o); err != nil {
			return nil, err
		}
	}
	switch b.Op {
	case encoding.OpWaitableSetWait, encoding.OpWaitableSetPoll:
		if o.memory, err = s.memoryAt(b.Memory); err != nil {
			return nil, err
		}
	case encoding.OpErrorContextNew:
		err = o.needs(abi.Needs{Memory: true})
	case encoding.OpErrorContextDebugMessage:
		err = o.needs(abi.Needs{Memory: true, Realloc: true})
	case encoding.OpThreadNewIndirect, encoding.OpThreadSpawnIndirect:
		_, err = s.tableAt(b.Table)
		_, err2 := s.coreTypeAt(b.CoreType)
		err = first(err, err2)
	case encoding.OpThreadSpawnRef:
		return s.spawnRef(b)
	}
	if err != nil {
		return nil, err
	}
	return rule.sig.core(o.ptr()), nil
}

func (s *scope) spawnRef(b *encoding.Builtin) (*types.CoreFunc, error) {
	t, err := s.coreTypeAt(b.CoreType)
	if err != nil {
		return nil, err
	}
	if t.Def == nil {
		return nil, errorf(CodeCanon, "expected a core function type")
	}
	ref := types.CoreVal{Kind: types.RefKind, Nullable: true, Def: t.Def}
	return &types.CoreFunc{Params: []types.CoreVal{ref, types.I32}, Results: []types.CoreVal{types.I32}}, nil
}

// resourceBuiltin returns the type of resource.new, resource.rep or resource.drop. The first two
// need a resource that this component defines.
func (s *scope) resourceBuiltin(b *encoding.Builtin) (*types.CoreFunc, error) {
	_, r, err := s.resourceAt(b.Type)
	if err != nil {
		return nil, err
	}
	if b.Op == encoding.OpResourceDrop {
		return signature{"i", ""}.core(abi.Ptr32), nil
	}
	if !s.local[r] {
		return nil, errorf(CodeResource, "type %d is not a local resource", b.Type)
	}
	if b.Op == encoding.OpResourceNew {
		return &types.CoreFunc{Params: []types.CoreVal{r.Rep}, Results: []types.CoreVal{types.I32}}, nil
	}
	return &types.CoreFunc{Params: []types.CoreVal{types.I32}, Results: []types.CoreVal{r.Rep}}, nil
}

func (s *scope) payloadBuiltin(b *encoding.Builtin, want string, o *options) error {
	t, err := s.valTypeAt(b.Type)
	if err != nil {
		return first(err)
	}
	var elem types.ValType
	ok := false
	switch t := types.UnnameVal(t).(type) {
	case *types.Stream:
		elem, ok = t.Elem, want == "stream"
	case *types.Future:
		elem, ok = t.Elem, want == "future"
	}
	if !ok {
		return errorf(CodeCanon, "`%s` requires a %s type", b.Op, want)
	}
	reads := b.Op == encoding.OpStreamRead || b.Op == encoding.OpFutureRead
	writes := b.Op == encoding.OpStreamWrite || b.Op == encoding.OpFutureWrite
	if !o.async && (reads || writes) || b.Async {
		s.v.need(feature.MoreAsyncBuiltins, "this form of `"+b.Op.String()+"`")
	}
	if elem == nil {
		return nil
	}
	return o.needs(abi.Needs{Memory: reads || writes, Realloc: reads && abi.ContainsPointer(elem)})
}

// taskReturn returns the type of task.return. Its parameters are the flattened result, or a pointer
// if there would be too many.
func (s *scope) taskReturn(b *encoding.Builtin) (*types.CoreFunc, error) {
	s.v.need(feature.Async, "`task.return`")
	o, err := s.options(b.Opts)
	if err != nil {
		return nil, err
	}
	switch {
	case o.realloc != nil:
		return nil, errorf(CodeCanon, "cannot specify `realloc` option on `task.return`")
	case o.postReturn != nil:
		return nil, errorf(CodeCanon, "cannot specify `post-return` option on `task.return`")
	case o.callback != nil:
		return nil, errorf(CodeCanon, "cannot specify `callback` option on `task.return`")
	case o.async:
		return nil, errorf(CodeCanon, "cannot specify `async` option on `task.return`")
	}
	r, err := s.optValType(b.Result)
	if err != nil {
		return nil, err
	}
	f := abi.FlattenTaskReturn(r, o.ptr())
	if r == nil {
		return f, nil
	}
	inMemory := len(abi.FlattenType(r, o.ptr(), abi.MaxFlatParams)) > abi.MaxFlatParams
	return f, o.needs(abi.Needs{Memory: inMemory || abi.ContainsPointer(r)})
}

// contextSlots is the number of slots of task-local storage.
const contextSlots = 2

func (s *scope) contextSlot(b *encoding.Builtin) (*types.CoreFunc, error) {
	s.v.need(feature.Async, "`"+b.Op.String()+"`")
	if b.Slot >= contextSlots {
		return nil, errorf(CodeCanon, "`%s` immediate must be zero or one: %d", b.Op, b.Slot)
	}
	t, err := s.coreVal(b.Val)
	if err != nil {
		return nil, err
	}
	if t == types.I64 {
		s.v.need(feature.ComponentMemory64, "`i64` context storage")
	} else if t != types.I32 {
		err = errorf(CodeCanon, "`%s` only supports `i32` or `i64`", b.Op)
	}
	if err == nil && s.context != (types.CoreVal{}) && s.context != t {
		err = errorf(CodeCanon, "`%s` type must match previous context type", b.Op)
	}
	s.context = t
	if b.Op == encoding.OpContextGet {
		return &types.CoreFunc{Results: []types.CoreVal{t}}, err
	}
	return &types.CoreFunc{Params: []types.CoreVal{t}}, err
}
