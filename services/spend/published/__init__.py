"""How is a published file read, named and put on the record?"""
