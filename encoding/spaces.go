package encoding

import "fmt"

// Spaces counts the index spaces of a component or type. The next definition of a sort gets
// [Spaces.Len] as its index. The zero value is for an empty component.
type Spaces struct{ n [numSorts]uint32 }

// Len returns the number of definitions in an index space.
func (s *Spaces) Len(sort Sort) uint32 { return s.n[sort] }

// Add counts the indices that a definition adds.
func (s *Spaces) Add(d Def) {
	sort, n := Introduced(d)
	s.n[sort] += n
}

// AddDecl is [Spaces.Add] for a declaration of a component type or instance type.
func (s *Spaces) AddDecl(d Decl) {
	if x, ok := d.(*ExportDecl); ok {
		s.n[x.Type.Sort()]++
		return
	}
	s.Add(d.(Def)) // all others are definitions too
}

// Introduced returns the index space that a definition adds to, and how many indices it adds: a
// custom section none, a start function one value for each result, and a recursion group one core
// type for each member. Everything else adds one, including imports and exports.
func Introduced(d Def) (Sort, uint32) {
	switch d := d.(type) {
	case *Custom:
		return 0, 0
	case *CoreModule:
		return SortCoreModule, 1
	case *CoreInstance:
		return SortCoreInstance, 1
	case *CoreType:
		if rec, ok := d.Def.(*CoreRec); ok {
			return SortCoreType, uint32(len(rec.Types))
		}
		return SortCoreType, 1
	case *NestedComponent:
		return SortComponent, 1
	case *Instance:
		return SortInstance, 1
	case *Alias:
		return d.Sort, 1
	case *Type:
		return SortType, 1
	case *Canon:
		if _, ok := d.Def.(*Lift); ok {
			return SortFunc, 1
		}
		return SortCoreFunc, 1
	case *Start:
		return SortValue, d.Results
	case *Import:
		return d.Type.Sort(), 1
	case *Export:
		return d.Item.Sort, 1
	case *Value:
		return SortValue, 1
	default:
		panic(unreachable(d))
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
