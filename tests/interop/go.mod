module imageserver/tests/interop

go 1.20

require github.com/pierrre/imageserver v0.0.0-20231013080238-eaaa7dc7d331

require (
	github.com/disintegration/gift v1.2.0 // indirect
	github.com/golang/groupcache v0.0.0-20190129154638-5b532d6fd5ef // indirect
	github.com/golang/protobuf v1.3.1 // indirect
	github.com/pierrre/imageutil v1.0.0 // indirect
)
