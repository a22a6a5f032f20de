// Package wasi implements WASI on the host: it provides the imports of components from the packages
// `wasi:…`.
//
// A [Config] says what guests may use; its zero value grants no access. [Config.AddTo] defines the
// interfaces of WASI 0.2 in a linker:
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
// [Run] runs commands. Call other components as described in package runner.
//
// Guests cannot leave their directories, neither by ".." nor by absolute paths nor by symbolic
// links. They cannot use the network: the interfaces of wasi:sockets exist but refuse to create
// sockets or look up names.
package wasi
