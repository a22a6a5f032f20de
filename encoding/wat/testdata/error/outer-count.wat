(component (type $t u8) (component (alias outer 5 $t (type))))
