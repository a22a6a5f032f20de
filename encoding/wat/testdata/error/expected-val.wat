(component (type (record (field "a" strin))))
