;; The consumer: imports the interface demo:greeter/words, whose comment is in words.wat, and exports a function.
;;
;;   record wish { name: string, title: option<string>, times: u32 }
;;   export greet: func(to: wish) -> string;
;;
;; It has no memory in common with the supplier: the strings, the record and the handle cross as values.
(component
  (import "demo:greeter/words@0.1.0" (instance $words
    (type $person' (record (field "name" string) (field "title" (option string))))
    (export "person" (type $person (eq $person')))
    (export "card" (type $card (sub resource)))
    (export "[constructor]card" (func (param "to" $person) (result (own $card))))
    (export "[method]card.add" (func (param "self" (borrow $card)) (param "greeting" string)))
    (export "[method]card.text" (func (param "self" (borrow $card)) (result string)))))
  (alias export $words "card" (type $card))

  (core module $libc
    (memory (export "memory") 1)
    (data (i32.const 16) "Hello")
    (global $next (mut i32) (i32.const 1024))
    (func $realloc (export "realloc") (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
      (local $new i32)
      (local.set $new
        (i32.and
          (i32.add (global.get $next) (i32.sub (local.get $align) (i32.const 1)))
          (i32.sub (i32.const 0) (local.get $align))))
      (global.set $next (i32.add (local.get $new) (local.get $size)))
      (block $enough
        (br_if $enough (i32.le_u (global.get $next) (i32.mul (memory.size) (i32.const 65536))))
        (br_if $enough
          (i32.ne
            (i32.const -1)
            (memory.grow
              (i32.add (i32.const 1)
                (i32.shr_u (i32.sub (global.get $next) (i32.mul (memory.size) (i32.const 65536))) (i32.const 16))))))
        unreachable)
      (if (i32.gt_u (local.get $old-size) (local.get $size)) (then (local.set $old-size (local.get $size))))
      (memory.copy (local.get $new) (local.get $old) (local.get $old-size))
      (local.get $new)))
  (core instance $libc (instantiate $libc))
  (alias core export $libc "memory" (core memory $memory))
  (alias core export $libc "realloc" (core func $realloc))

  (core func $card-new
    (canon lower (func $words "[constructor]card") (memory $memory) (realloc (core func $realloc))))
  (core func $card-add
    (canon lower (func $words "[method]card.add") (memory $memory)))
  (core func $card-text
    (canon lower (func $words "[method]card.text") (memory $memory) (realloc (core func $realloc))))
  (core func $card-drop (canon resource.drop $card))

  (core module $main
    (import "libc" "memory" (memory 1))
    (import "card" "new" (func $new (param i32 i32 i32 i32 i32) (result i32)))
    (import "card" "add" (func $add (param i32 i32 i32)))
    (import "card" "text" (func $text (param i32 i32)))
    (import "card" "drop" (func $drop (param i32)))
    ;; Makes a card, adds the greeting as often as is wished, and returns the text. The result lies at address 8.
    (func (export "greet") (param $name i32) (param $name-len i32) (param $has-title i32) (param $title i32) (param $title-len i32)
      (param $times i32) (result i32)
      (local $card i32)
      (local.set $card
        (call $new (local.get $name) (local.get $name-len) (local.get $has-title) (local.get $title) (local.get $title-len)))
      (block $done
        (loop $again
          (br_if $done (i32.eqz (local.get $times)))
          (call $add (local.get $card) (i32.const 16) (i32.const 5))
          (local.set $times (i32.sub (local.get $times) (i32.const 1)))
          (br $again)))
      (call $text (local.get $card) (i32.const 8))
      (call $drop (local.get $card))
      (i32.const 8)))
  (core instance $m (instantiate $main
    (with "libc" (instance $libc))
    (with "card" (instance
      (export "new" (func $card-new))
      (export "add" (func $card-add))
      (export "text" (func $card-text))
      (export "drop" (func $card-drop))))))

  (type $wish' (record (field "name" string) (field "title" (option string)) (field "times" u32)))
  (export $wish "wish" (type $wish'))
  (func $greet (param "to" $wish) (result string)
    (canon lift (core func $m "greet") (memory $memory) (realloc (core func $realloc))))
  (export "greet" (func $greet)))
