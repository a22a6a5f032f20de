// Package wasi is the host's side of WASI: it gives components what they import from the packages `wasi:…`.
//
// A [Config] says what guests are given; its zero value grants nothing. [Config.AddTo] defines the interfaces of WASI 0.2 in a linker:
//
//	l := runner.NewLinker()
//	host, err := wasi.Config{
//		Args:   []string{"app", "--verbose"},
//		Stdout: os.Stdout,
//		Dirs:   []wasi.Dir{{Host: "data", Guest: "/data", ReadOnly: true}},
//	}.AddTo(l)
//	...
//	defer host.Close()
//	inst, err := l.Instantiate(ctx, prog)
//	...
//	defer inst.Close(ctx)
//	code, err := wasi.Run(ctx, inst)
//
// [Run] runs commands; other components are called as package runner has it.
//
// Guests cannot leave their directories, neither by ".." nor by absolute paths nor by symbolic links. They cannot use the
// network: the interfaces of wasi:sockets exist, and refuse to make sockets and to look up names.
package wasi
