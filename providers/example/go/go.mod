module example-go

go 1.19

require rcb v1.0.0

replace rcb => /usr/local/share/registry-credential-broker/sdk/go
