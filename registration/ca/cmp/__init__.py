"""A certification body that speaks CMP (RFC 9810, before it RFC 4210) over HTTP (RFC 9811)."""
