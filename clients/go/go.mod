module catalogue/clients/go

go 1.19
