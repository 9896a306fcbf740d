"""What a certification body says of a certificate: asked over OCSP, else looked up in its CRL.

Nothing here ever takes "could not tell" for "valid": every doubt is a `StatusError`.
"""
