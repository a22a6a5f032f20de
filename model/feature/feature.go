package feature

import (
	"fmt"
	"iter"
	"math/bits"
	"strings"
)

// Feature is one gate or proposal. The zero value is invalid.
type Feature uint8

// The gates of the component model, in the order of the Explainer.
const (
	Async Feature = iota + 1
	Map
	Implements
	Values
	NestedNames
	MoreAsyncBuiltins
	AsyncStackful
	Threading
	SharedEverythingThreads
	FixedLengthLists
	ErrorContext
	CanonNames
	ComponentMemory64
	ComponentGC

	// ComponentModel is the component model as a whole. Without it, only core modules are accepted.
	ComponentModel
)

// The proposals of core WebAssembly, and the parts of them that can be enabled alone.
const (
	MutableGlobal Feature = iota + ComponentModel + 1
	SaturatingFloatToInt
	SignExtension
	MultiValue
	ReferenceTypes
	CallIndirectOverlong
	BulkMemory
	BulkMemoryOpt
	SIMD
	RelaxedSIMD
	TailCall
	ExtendedConst
	MultiMemory
	Memory64
	FunctionReferences
	GC
	GCTypes
	Exceptions
	Threads
	WideArithmetic
	CompactImports
	Floats
	CustomPageSizes
	LegacyExceptions
	MemoryControl
	StackSwitching
	CustomDescriptors

	limit // one more than the last feature
)

// Info describes a feature.
type Info struct {
	Feature Feature
	// Name is the canonical name, as used in --features.
	Name string
	// Gate is the emoji that marks the feature in the Explainer, or "" for a core proposal.
	Gate string
	// Doc is a one-line description without a full stop.
	Doc string
	// Aliases are other names. A name with `_` for `-` is always accepted and is not listed.
	Aliases []string
	// Default reports whether the feature is in [Default].
	Default bool
	// Implies lists the features that this one requires. [Set.With] adds them.
	Implies []Feature
}

// Core reports whether the feature belongs to core WebAssembly and not to the component model.
func (i Info) Core() bool { return i.Feature > ComponentModel }

// Info returns the description of f, which must be valid.
func (f Feature) Info() Info {
	if f == 0 || f >= limit {
		panic("feature: invalid " + f.String())
	}
	i := table[f]
	i.Feature = f
	return i
}

// String returns the canonical name.
func (f Feature) String() string {
	if f == 0 || f >= limit {
		return fmt.Sprintf("Feature(%d)", uint8(f))
	}
	return table[f].Name
}

// Needed returns the words for a message about text that requires f: "needs --features=map".
func (f Feature) Needed() string { return "needs --features=" + f.String() }

// List iterates over all features: the gates of the component model, then the core proposals.
func List() iter.Seq[Info] {
	return func(yield func(Info) bool) {
		for f := Feature(1); f < limit; f++ {
			if !yield(f.Info()) {
				return
			}
		}
	}
}

// Set is a set of features. The zero value is unset: it has no features, and options with an unset
// Set use [Default]. The functions of this package never return an unset Set, so an empty set that
// they return means that every feature is off.
type Set uint64

// explicit is in every set that is not unset. Its bit belongs to no feature, because 0 is not a
// valid Feature.
const explicit Set = 1

// None returns the empty set, in which every feature is off.
func None() Set { return explicit }

// Of returns the set of the given features and the features that they imply. Of() is [None].
func Of(features ...Feature) Set { return None().With(features...) }

// All returns the set of all features.
func All() Set { return 1<<limit - 1 }

// Default returns the features that are on by default.
func Default() Set {
	s := None()
	for i := range List() {
		if i.Default {
			s |= 1 << i.Feature
		}
	}
	return s
}

// OrDefault returns s, or [Default] if s is unset.
func (s Set) OrDefault() Set {
	if s == 0 {
		return Default()
	}
	return s
}

// WasmTools returns the features that wasm-tools enables by default, which its test files assume.
// These are the features of [Default] except the gates that wasm-tools does not count as shipped.
func WasmTools() Set { return Default().Without(Map, Implements) }

// Has reports whether f is in the set.
func (s Set) Has(f Feature) bool { return f != 0 && s>>f&1 != 0 }

// HasAll reports whether every feature of t is in s.
func (s Set) HasAll(t Set) bool { return t&^s&^explicit == 0 }

// With returns s plus the given features and the features that they imply.
func (s Set) With(features ...Feature) Set {
	s |= explicit
	for _, f := range features {
		if !s.Has(f) {
			s = (s | 1<<f).With(f.Info().Implies...)
		}
	}
	return s
}

// Without returns s minus the given features. Features that imply a removed feature stay.
func (s Set) Without(features ...Feature) Set {
	s |= explicit
	for _, f := range features {
		s &^= 1 << f
	}
	return s
}

// Len returns the number of features in the set.
func (s Set) Len() int { return bits.OnesCount64(uint64(s & All() &^ explicit)) }

// Features iterates over the features in the set, in the order of [List].
func (s Set) Features() iter.Seq[Feature] {
	return func(yield func(Feature) bool) {
		for f := Feature(1); f < limit; f++ {
			if s.Has(f) && !yield(f) {
				return
			}
		}
	}
}

// String returns the names, separated by commas.
func (s Set) String() string {
	var names []string
	for f := range s.Features() {
		names = append(names, f.String())
	}
	return strings.Join(names, ",")
}
