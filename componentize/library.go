package componentize

// Library says how a core module that is part of a shared-everything link is instantiated. Unlike an adapter it may have data and element
// segments, and nothing is taken out of it.
type Library struct {
	// Arguments are what it imports, by the names of the modules. What none of them provides is taken from the world.
	Arguments []LibraryArgument
}

// LibraryArgument provides what a library imports from one name: a whole instance, or single items.
type LibraryArgument struct {
	Name     string
	Instance *LibraryInstance
	Items    []LibraryItem
}

// LibraryInstance is the instance of the main module, or of an adapter or library that comes before.
type LibraryInstance struct {
	// Part is the name of the adapter or library, "" for the main module.
	Part string
}

// LibraryItem provides the import Alias by the export Name of an instance.
type LibraryItem struct {
	Alias string
	From  LibraryInstance
	Name  string
}
