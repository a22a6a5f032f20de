;; The library libdl.so of linked programs: dlopen and its kin over the table that the linker lays out (link_layout.go). A list is a number and
;; an address; an entry of the list of libraries is the length and the address of its name, and its list of symbols; an entry of that is length
;; and address of the name, and the address of the symbol.
(module
  (@dylink.0 (mem-info (memory 138 0)))
  (import "env" "memory" (memory 1))
  (import "env" "__memory_base" (global $base i32))
  (import "GOT.mem" "__wasm_libdl_libraries" (global $libraries (mut i32)))

  ;; The text of the last error, 0 if there is none.
  (global $error (mut i32) (i32.const 0))

  (export "dlopen" (func $dlopen))
  (export "dlsym" (func $dlsym))
  (export "dlclose" (func $dlclose))
  (export "dlerror" (func $dlerror))

  ;; fail sets the error to the text at an offset, and returns null.
  (func $fail (param $offset i32) (result i32)
    (global.set $error (i32.add (global.get $base) (local.get $offset)))
    (i32.const 0))

  ;; equal compares a name of some length with a text that ends with a zero.
  (func $equal (param $name i32) (param $length i32) (param $text i32) (result i32)
    (loop $next
      (if (i32.eqz (local.get $length))
        (then (return (i32.eqz (i32.load8_u (local.get $text))))))
      (if (i32.ne (i32.load8_u (local.get $name)) (i32.load8_u (local.get $text)))
        (then (return (i32.const 0))))
      (local.set $name (i32.add (local.get $name) (i32.const 1)))
      (local.set $text (i32.add (local.get $text) (i32.const 1)))
      (local.set $length (i32.sub (local.get $length) (i32.const 1)))
      (br $next))
    (unreachable))

  ;; find returns the address of the entry of that name in a list whose entries have some size, or null.
  (func $find (param $list i32) (param $size i32) (param $text i32) (result i32)
    (local $entry i32) (local $count i32)
    (local.set $count (i32.load (local.get $list)))
    (local.set $entry (i32.load offset=4 (local.get $list)))
    (loop $next
      (if (i32.eqz (local.get $count)) (then (return (i32.const 0))))
      (if (call $equal (i32.load offset=4 (local.get $entry)) (i32.load (local.get $entry)) (local.get $text))
        (then (return (local.get $entry))))
      (local.set $entry (i32.add (local.get $entry) (local.get $size)))
      (local.set $count (i32.sub (local.get $count) (i32.const 1)))
      (br $next))
    (unreachable))

  ;; valid tells whether a handle is that of a library.
  (func $valid (param $handle i32) (result i32)
    (local $offset i32)
    (local.set $offset (i32.sub (local.get $handle) (i32.load offset=4 (global.get $libraries))))
    (i32.and
      (i32.lt_u (local.get $offset) (i32.mul (i32.load (global.get $libraries)) (i32.const 16)))
      (i32.eqz (i32.and (local.get $offset) (i32.const 15)))))

  (func $dlopen (param $name i32) (param $flags i32) (result i32)
    (local $found i32)
    ;; RTLD_LAZY, RTLD_NOW and RTLD_GLOBAL make no difference.
    (if (i32.and (local.get $flags) (i32.xor (i32.const 0x103) (i32.const -1)))
      (then (return (call $fail (i32.const 58)))))
    (local.set $found (call $find (global.get $libraries) (i32.const 16) (local.get $name)))
    (if (i32.eqz (local.get $found))
      (then (return (call $fail (i32.const 23)))))
    (local.get $found))

  (func $dlsym (param $handle i32) (param $name i32) (result i32)
    (local $found i32)
    ;; RTLD_DEFAULT and RTLD_NEXT
    (if (i32.or (i32.eqz (local.get $handle)) (i32.eq (local.get $handle) (i32.const -1)))
      (then (return (call $fail (i32.const 88)))))
    (if (i32.eqz (call $valid (local.get $handle)))
      (then (return (call $fail (i32.const 0)))))
    (local.set $found (call $find (i32.add (local.get $handle) (i32.const 8)) (i32.const 12) (local.get $name)))
    (if (i32.eqz (local.get $found))
      (then (return (call $fail (i32.const 41)))))
    (i32.load offset=8 (local.get $found)))

  (func $dlclose (param $handle i32) (result i32)
    (if (call $valid (local.get $handle)) (then (return (i32.const 0))))
    (drop (call $fail (i32.const 0)))
    (i32.const -1))

  (func $dlerror (result i32)
    (global.get $error)
    (global.set $error (i32.const 0)))

  (data (global.get $base)
    "invalid library handle\00" ;; 0
    "library not found\00" ;; 23
    "symbol not found\00" ;; 41
    "flags of dlopen not supported\00" ;; 58
    "RTLD_DEFAULT and RTLD_NEXT of dlsym not supported\00"))
