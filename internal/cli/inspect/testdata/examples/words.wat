;; The supplier: a component that exports the interface demo:greeter/words.
;;
;;   interface words {
;;     record person { name: string, title: option<string> }
;;     resource card {
;;       constructor(to: person);
;;       add: func(greeting: string);
;;       text: func() -> string;
;;     }
;;   }
;;
;; A card is a block of memory: the address and length of the addressee, then the length of the text, then the text.
(component
  (core module $main
    (memory (export "memory") 1)
    (data (i32.const 16) ", ")
    (data (i32.const 24) "!\n")
    (global $next (mut i32) (i32.const 1024))

    ;; Memory is never freed; a larger copy is made when a block grows.
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
      (local.get $new))

    ;; Appends bytes to the text of a card, which has room for 4096.
    (func $append (param $card i32) (param $ptr i32) (param $len i32)
      (local $used i32)
      (local.set $used (i32.load offset=8 (local.get $card)))
      (if (i32.gt_u (i32.add (local.get $used) (local.get $len)) (i32.const 4096)) (then unreachable))
      (memory.copy (i32.add (i32.add (local.get $card) (i32.const 12)) (local.get $used)) (local.get $ptr) (local.get $len))
      (i32.store offset=8 (local.get $card) (i32.add (local.get $used) (local.get $len))))

    ;; The title, if any, goes before the name, with a space between.
    (func (export "new") (param $name i32) (param $name-len i32) (param $has-title i32) (param $title i32) (param $title-len i32)
      (result i32)
      (local $card i32) (local $who i32)
      (local.set $card (call $realloc (i32.const 0) (i32.const 0) (i32.const 4) (i32.const 4108)))
      (i32.store (local.get $card) (local.get $name))
      (i32.store offset=4 (local.get $card) (local.get $name-len))
      (if (local.get $has-title)
        (then
          (local.set $who
            (call $realloc (local.get $title) (local.get $title-len) (i32.const 1)
              (i32.add (i32.add (local.get $title-len) (i32.const 1)) (local.get $name-len))))
          (i32.store8 (i32.add (local.get $who) (local.get $title-len)) (i32.const 32))
          (memory.copy
            (i32.add (i32.add (local.get $who) (local.get $title-len)) (i32.const 1))
            (local.get $name) (local.get $name-len))
          (i32.store (local.get $card) (local.get $who))
          (i32.store offset=4 (local.get $card)
            (i32.add (i32.add (local.get $title-len) (i32.const 1)) (local.get $name-len)))))
      (local.get $card))

    (func (export "add") (param $card i32) (param $ptr i32) (param $len i32)
      (call $append (local.get $card) (local.get $ptr) (local.get $len))
      (call $append (local.get $card) (i32.const 16) (i32.const 2))
      (call $append (local.get $card) (i32.load (local.get $card)) (i32.load offset=4 (local.get $card)))
      (call $append (local.get $card) (i32.const 24) (i32.const 2)))

    ;; The result is at address 8: the address and length of the text.
    (func (export "text") (param $card i32) (result i32)
      (i32.store (i32.const 8) (i32.add (local.get $card) (i32.const 12)))
      (i32.store (i32.const 12) (i32.load offset=8 (local.get $card)))
      (i32.const 8)))
  (core instance $m (instantiate $main))
  (alias core export $m "memory" (core memory $memory))
  (alias core export $m "realloc" (core func $realloc))

  (type $card' (resource (rep i32)))
  (type $person' (record (field "name" string) (field "title" (option string))))
  (core func $card-new (canon resource.new $card'))
  (core module $wrap
    (import "m" "new" (func $new (param i32 i32 i32 i32 i32) (result i32)))
    (import "card" "new" (func $handle (param i32) (result i32)))
    (func (export "new") (param i32 i32 i32 i32 i32) (result i32)
      (call $handle (call $new (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4)))))
  (core instance $w (instantiate $wrap
    (with "m" (instance $m))
    (with "card" (instance (export "new" (func $card-new))))))

  (func $new (param "to" $person') (result (own $card'))
    (canon lift (core func $w "new") (memory $memory) (realloc (core func $realloc))))
  (func $add (param "self" (borrow $card')) (param "greeting" string)
    (canon lift (core func $m "add") (memory $memory) (realloc (core func $realloc))))
  (func $text (param "self" (borrow $card')) (result string)
    (canon lift (core func $m "text") (memory $memory)))

  ;; Gives the functions types in terms of the exported types, as in an interface.
  (component $typed
    (type $person' (record (field "name" string) (field "title" (option string))))
    (import "person" (type $person (eq $person')))
    (import "card" (type $card (sub resource)))
    (import "new" (func $new (param "to" $person) (result (own $card))))
    (import "add" (func $add (param "self" (borrow $card)) (param "greeting" string)))
    (import "text" (func $text (param "self" (borrow $card)) (result string)))
    (export $person-out "person" (type $person))
    (export $card-out "card" (type $card))
    (export "[constructor]card" (func $new) (func (param "to" $person-out) (result (own $card-out))))
    (export "[method]card.add" (func $add) (func (param "self" (borrow $card-out)) (param "greeting" string)))
    (export "[method]card.text" (func $text) (func (param "self" (borrow $card-out)) (result string))))
  (instance $words (instantiate $typed
    (with "person" (type $person'))
    (with "card" (type $card'))
    (with "new" (func $new))
    (with "add" (func $add))
    (with "text" (func $text))))
  (export "demo:greeter/words@0.1.0" (instance $words)))
