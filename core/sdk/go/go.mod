module rcb

go 1.19
