"""Which steps lead from an empty database to the present schema?"""
