package componentize

import (
	"fmt"

	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/wit"
)

// stringsOfItems holds the string encodings of the functions of a world's imports or exports.
type stringsOfItems struct {
	// all, unless zero, is the encoding of all functions.
	all abi.StringEncoding
	// The keys leave out versions: a function keeps its encoding if another version of its interface
	// replaces the one that it was made for.
	each map[string]abi.StringEncoding
}

func stringsKey(i *wit.WorldItem, f *wit.Func) string {
	if i.Name == "" {
		return i.Interface.ID().Unversioned() + "/" + f.Name
	}
	return i.Name + "/" + f.Name
}

// add adds the functions of items. It returns an error if a function has another encoding already.
func (s *stringsOfItems) add(items []*wit.WorldItem, kind abi.StringEncoding) error {
	if s.each == nil {
		s.each = map[string]abi.StringEncoding{}
	}
	set := func(i *wit.WorldItem, f *wit.Func) error {
		key := stringsKey(i, f)
		if prev, ok := s.each[key]; ok && prev != kind {
			return fmt.Errorf("conflicting string encodings specified for `%s`", key)
		}
		s.each[key] = kind
		return nil
	}
	for _, i := range items {
		switch {
		case i.Func != nil:
			if err := set(i, i.Func); err != nil {
				return err
			}
		case i.Interface != nil:
			for _, f := range i.Interface.Funcs {
				if err := set(i, f); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// of returns the encoding for a function of an item, or false if the module is not made for the
// item.
func (s *stringsOfItems) of(i *wit.WorldItem, f *wit.Func) (abi.StringEncoding, bool) {
	if s.all != 0 {
		return s.all, true
	}
	k, ok := s.each[stringsKey(i, f)]
	return k, ok
}
