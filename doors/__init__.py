"""What the doors of several services share: bodies, keys, amounts, tables and how a refusal is worded.

Above the kernel, which knows no HTTP body and no council's file; below the services, which never
import each other.
"""
