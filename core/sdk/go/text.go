package rcb

// #include "services.h"
import "C"

import "unsafe"

// Field is a name and a value.
type Field [2]string

// view makes a string of the host's bytes, without a copy. An empty one keeps its address, by which the host knows where it came from.
func view(text C.rcb_text) string {
	if text.data == nil {
		return ""
	}
	bytes := unsafe.Slice((*byte)(unsafe.Pointer(text.data)), int(text.size))
	return *(*string)(unsafe.Pointer(&bytes))
}

func viewFields(raw []C.rcb_field) []Field {
	fields := make([]Field, len(raw))
	for i, field := range raw {
		fields[i] = Field{view(field.name), view(field.value)}
	}
	return fields
}

// copyFields copies fields into memory of C, because cgo lends a call no pointers of Go inside an array. They may be secrets: free wipes them.
func copyFields(fields []Field) (raw *C.rcb_field, free func()) {
	raw = C.rcbNewFields(C.size_t(len(fields)))
	for i, field := range fields {
		C.rcbSetField(raw, C.size_t(i), field[0], field[1])
	}
	return raw, func() { C.rcbFreeFields(raw, C.size_t(len(fields))) }
}
