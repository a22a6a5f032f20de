;; A WIT package as a component: an interface and a world, each a component type that exports one thing under its full name.
;;
;;   package demo:shop@1.2.0;
;;   interface stock {
;;     record item { name: string, left: u32 }
;;     resource shelf { take: func(name: string) -> option<item>; }
;;     count: func() -> u32;
;;   }
;;   world seller { import stock; export sell: func(name: string) -> result<u32, string>; }
(component
  (type $stock (component
    (type (instance
      (type (record (field "name" string) (field "left" u32)))
      (export "item" (type (eq 0)))
      (export "shelf" (type (sub resource)))
      (type (borrow 2))
      (type (option 1))
      (type (func (param "self" 3) (param "name" string) (result 4)))
      (export "[method]shelf.take" (func (type 5)))
      (type (func (result u32)))
      (export "count" (func (type 6)))))
    (export "demo:shop/stock@1.2.0" (instance (type 0)))))
  (export "stock" (type $stock))
  (type $seller (component
    (type (component
      (type (instance
        (type (func (result u32)))
        (export "count" (func (type 0)))))
      (import "demo:shop/stock@1.2.0" (instance (type 0)))
      (type (result u32 (error string)))
      (type (func (param "name" string) (result 1)))
      (export "sell" (func (type 2)))))
    (export "demo:shop/seller@1.2.0" (component (type 0)))))
  (export "seller" (type $seller)))
