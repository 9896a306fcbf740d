"""A certification body on EJBCA, asked over its REST interface.

Written from what is published of API version 1.0: the interface's description for EJBCA 9.7
(docs.keyfactor.com) and the resource classes of Keyfactor/ejbca-ce.
"""
