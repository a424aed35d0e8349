"""What does a person decide that rules cannot?"""
