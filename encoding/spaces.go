package encoding

import "fmt"

// Spaces counts the index spaces of a component or type. The next definition of a sort gets
// [Spaces.Len] as its index. The zero value is for an empty component.
type Spaces struct{ n [numSorts]uint32 }

// Len returns the number of definitions in an index space.
func (s *Spaces) Len(sort Sort) uint32 { return s.n[sort] }

// Add counts the indices that a definition adds. A custom section adds none, a start function one
// value for each result, and a recursion group one core type for each member. Everything else adds
// one, including imports and exports.
func (s *Spaces) Add(d Def) {
	switch d := d.(type) {
	case *Custom:
	case *CoreModule:
		s.n[SortCoreModule]++
	case *CoreInstance:
		s.n[SortCoreInstance]++
	case *CoreType:
		s.addCoreType(d)
	case *NestedComponent:
		s.n[SortComponent]++
	case *Instance:
		s.n[SortInstance]++
	case *Alias:
		s.n[d.Sort]++
	case *Type:
		s.n[SortType]++
	case *Canon:
		if _, ok := d.Def.(*Lift); ok {
			s.n[SortFunc]++
		} else {
			s.n[SortCoreFunc]++
		}
	case *Start:
		s.n[SortValue] += d.Results
	case *Import:
		s.n[d.Type.Sort()]++
	case *Export:
		s.n[d.Item.Sort]++
	case *Value:
		s.n[SortValue]++
	default:
		panic(unreachable(d))
	}
}

// AddDecl is [Spaces.Add] for a declaration of a component type or instance type.
func (s *Spaces) AddDecl(d Decl) {
	switch d := d.(type) {
	case *CoreType:
		s.addCoreType(d)
	case *Type:
		s.n[SortType]++
	case *Alias:
		s.n[d.Sort]++
	case *Import:
		s.n[d.Type.Sort()]++
	case *ExportDecl:
		s.n[d.Type.Sort()]++
	default:
		panic(unreachable(d))
	}
}

func (s *Spaces) addCoreType(t *CoreType) {
	switch def := t.Def.(type) {
	case *CoreRec:
		s.n[SortCoreType] += uint32(len(def.Types))
	case *CoreModuleType:
		s.n[SortCoreType]++
	default:
		panic(unreachable(def))
	}
}

// itemNames names the definitions of a component one after another, for item paths. A definition of
// a kind that always adds to one index space is named by its index, any other by its number among
// its kind.
type itemNames struct {
	spaces Spaces
	nth    [numSections]int
}

// next returns the name that the next definition would get if it were of kind id, such as "type 3".
func (n *itemNames) next(id sectionID) string {
	kind := sectionKinds[id]
	if kind.space != 0 {
		return fmt.Sprintf("%s %d", kind.noun, n.spaces.Len(kind.space))
	}
	return fmt.Sprintf("%s %d", kind.noun, n.nth[id])
}

func (n *itemNames) add(d Def) {
	n.spaces.Add(d)
	n.nth[sectionOf(d)]++
}

func unreachable(x any) string { return fmt.Sprintf("unreachable: %T", x) }
