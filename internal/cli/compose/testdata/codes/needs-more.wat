(component
  (import "more" (func $more))
  (export "get" (func $more)))
