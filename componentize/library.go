package componentize

// Library describes how a core module of a shared-everything link is instantiated. Unlike an
// adapter, the module may have data and element segments, and no code is removed from it.
type Library struct {
	// Arguments provide imports by module name. The world provides the other imports.
	Arguments []LibraryArgument
}

// LibraryArgument provides a library's imports from one module name: a whole instance, or single
// items.
type LibraryArgument struct {
	Name     string
	Instance *LibraryInstance
	Items    []LibraryItem
}

// LibraryInstance refers to the instance of the main module, or of an earlier adapter or library.
type LibraryInstance struct {
	// Part is the name of the adapter or library, or "" for the main module.
	Part string
}

// LibraryItem provides the import Alias by the export Name of an instance.
type LibraryItem struct {
	Alias string
	From  LibraryInstance
	Name  string
}
