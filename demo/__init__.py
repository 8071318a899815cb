"""A believable organization on an emulator of AWS, to try Muniment without an AWS account.

``server`` runs the emulator, ``organization`` builds the estate through ordinary AWS calls; the other modules hold what
the estate is made of, as data. ``weaknesses`` lists what is wrong with it on purpose.
"""
