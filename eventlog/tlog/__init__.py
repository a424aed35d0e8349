"""The Merkle tree over a log (RFC 6962) and its layout as tiles (C2SP tlog-tiles)."""
