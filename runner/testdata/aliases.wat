;; One resource under several types. The second imported interface refers to the first one's resource
;; by an (eq) bound, the component that receives it sees it as a resource of its own, and a component
;; exports its resource twice, once transparently and once as an abstract type.
(component
  (import "ns:h/items@0.2.0" (instance $items
    (export "item" (type $item (sub resource)))
    (export "[constructor]item" (func (param "n" u32) (result (own $item))))
    (export "[method]item.get" (func (param "self" (borrow $item)) (result u32)))
    (export "take" (func (param "i" (own $item)) (result u32)))))
  (alias export $items "item" (type $item))
  (import "ns:h/more@0.2.3" (instance $more
    (alias outer 1 $item (type $outer))
    (export "item" (type $item (eq $outer)))
    (export "peek" (func (param "i" (borrow $item)) (result u32)))))
  (component $Peeker
    (import "more" (instance $more
      (export "item" (type $item (sub resource)))
      (export "peek" (func (param "i" (borrow $item)) (result u32)))))
    (alias export $more "item" (type $item))
    (core func $peek (canon lower (func $more "peek")))
    (core func $drop (canon resource.drop $item))
    (core module $M
      (import "" "peek" (func $peek (param i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "peek") (param $h i32) (result i32)
        (local $r i32)
        (local.set $r (call $peek (local.get $h)))
        (call $drop (local.get $h))
        (local.get $r)))
    (core instance $m (instantiate $M (with "" (instance (export "peek" (func $peek)) (export "drop" (func $drop))))))
    (func $own (param "i" (own $item)) (result u32) (canon lift (core func $m "peek")))
    (export "item" (type $item))
    (export "peek-own" (func $own)))
  (instance $peeker (instantiate $Peeker (with "more" (instance $more))))
  (export "peek" (func $peeker "peek-own"))

  (component $Hider
    (type $R (resource (rep i32)))
    (core func $new (canon resource.new $R))
    (export $open "open" (type $R))
    (export $hidden "hidden" (type $R) (type (sub resource)))
    (core module $M
      (import "" "new" (func $new (param i32) (result i32)))
      (func (export "make") (param i32) (result i32) (call $new (local.get 0)))
      (func (export "get") (param i32) (result i32) (local.get 0)))
    (core instance $m (instantiate $M (with "" (instance (export "new" (func $new))))))
    (func (export "make") (param "n" u32) (result (own $open)) (canon lift (core func $m "make")))
    (func (export "get") (param "t" (borrow $open)) (result u32) (canon lift (core func $m "get"))))
  (instance $hider (instantiate $Hider))
  (export "ns:h/hider" (instance $hider))
)
