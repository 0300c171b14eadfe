from linkmesh.stacks import deploy

deploy()
