"""How fast is it, beside a named baseline measured in the same run?"""
