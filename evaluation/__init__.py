"""How good are the judgements that no rule of arithmetic settles? Each against an answer key made by others."""
