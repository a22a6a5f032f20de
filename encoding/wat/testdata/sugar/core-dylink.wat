(module
  (@dylink.0
    (mem-info (memory 16 4) (table 2 0))
    (needed "libc.so" "libm.so")
    (export-info "a" tls)
    (export-info "b" binding-weak undefined 0x400)
    (import-info "env" "c" visibility-hidden)
    (runtime-path "/lib"))
)
