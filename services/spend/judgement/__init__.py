"""What kind of payment is it, what was bought, and on which contract is it?"""
