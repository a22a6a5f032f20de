;; A component that needs a gated feature.
(component
  (type $four (list u8 4))
  (import "take" (func (param "x" $four))))
